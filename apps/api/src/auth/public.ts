import { SetMetadata } from '@nestjs/common';

export const PUBLIC = 'public';
/** Open to anybody, without a token. */
export const Public = (): ClassDecorator & MethodDecorator => SetMetadata(PUBLIC, true);
